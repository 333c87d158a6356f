/* SPDX-License-Identifier: MIT */
#include "media/region_list.h"

#include <stdio.h>
#include <string.h>

#define ALL  0x00
#define NONE 0xFF

bool region_list_parse(const char *text, uint8_t *forbidden, char *fault, size_t fault_size)
{
    if (strcmp(text, "all") == 0 || strcmp(text, "none") == 0) {
        *forbidden = text[0] == 'a' ? ALL : NONE;
        return true;
    }
    uint8_t regions = NONE;
    for (const char *word = text;; word++) {
        word += strspn(word, " \t");
        size_t length = strcspn(word, ", \t");
        if (length != 1 || word[0] < '1' || word[0] > '8') {
            snprintf(fault, fault_size, "\"%.*s\" is not a region", (int)length, word);
            return false;
        }
        regions &= (uint8_t) ~(1u << (word[0] - '1'));
        word += length;
        word += strspn(word, " \t");
        if (*word == 0)
            break;
        if (*word != ',') {
            snprintf(fault, fault_size, "no comma before \"%s\"", word);
            return false;
        }
    }
    *forbidden = regions;
    return true;
}

void region_list_write(uint8_t forbidden, char text[REGION_LIST_SIZE])
{
    if (forbidden == ALL || forbidden == NONE) {
        snprintf(text, REGION_LIST_SIZE, "%s", forbidden == ALL ? "all" : "none");
        return;
    }
    char *end = text;
    for (unsigned region = 1; region <= 8; region++)
        if (!(forbidden >> (region - 1) & 1))
            end += sprintf(end, "%s%u", end == text ? "" : ",", region);
}
