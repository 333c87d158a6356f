/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_UDF_NODE_H
#define MEDIA_UDF_NODE_H

/*
 * What a file entry of UDF (ECMA-167, 4/14.9 and 4/14.17) says: kind, size and where the content
 * lies, through all its allocation extents.
 */

#include "media/udf_volume.h"

enum udf_node_type { UDF_NODE_FOLDER = 4, UDF_NODE_FILE = 5 };

struct udf_node {
    unsigned type; /* enum udf_node_type and others */
    uint64_t bytes;
    struct udf_parts parts; /* of at most `bytes` together, in their order; to be freed */
    bool embedded;          /* the content is in the entry itself */
    uint8_t content[DVD_SECTOR_SIZE];
};

/* Reads the entry at `address`.  False if there is none; then there is nothing to release. */
bool udf_node_read(struct udf_volume *volume, struct udf_address address, struct udf_node *node);
void udf_node_release(struct udf_node *node);

/* Makes the metadata maps of the volume usable or not. */
void udf_node_read_metadata(struct udf_volume *volume);

/*
 * The content of a folder, to be freed: as many bytes as could be read, *size of them.  NULL if
 * there are none.
 */
uint8_t *udf_node_load(struct udf_volume *volume, const struct udf_node *node, size_t *size);

#endif
