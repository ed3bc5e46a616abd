import { errorCodes } from '../../src/contract/errors.ts';
import { replySchemas, requestSchemas } from '../../src/contract/message-schemas.ts';
import { type OperationName, operations } from '../../src/contract/operations.ts';
import { parameterNames, parameterRecords } from '../../src/contract/parameters.ts';
import { dataclass, type Field, header, Literals, pascalCase, typedDict } from './python-text.ts';

type Json = Record<string, unknown>;
interface ObjectSchema {
  properties: Record<string, Json>;
  required?: string[];
}

/** Replies that get a class of their own. */
const replyClasses: readonly [name: string, docstring: string, operation: OperationName][] = [
  ['UploadedImage', 'A stored image.', 'upload'],
  ['RetrievedImage', 'A stored image as it was uploaded, or part of it.', 'retrieve'],
  ['ResizedImage', 'A transformed image.', 'resize'],
  ['ImageInfo', 'Properties of an image.', 'info'],
];

/** Enumerations that need a more specific name than their property. */
const enumerationNames: Record<string, string> = { format: 'image_format' };
const parameterEnumerationNames: Record<string, string> = { format: 'output_format', metadata: 'metadata_kept' };

/** Source of `contract.py`: the types of parameters and replies. */
export function contractModule(): string {
  const literals = new Literals();
  const transformation = parameterNames.map((name): Field => {
    const { properties } = plain(requestSchemas.resize) as unknown as ObjectSchema;
    const type = literals.typeOf(parameterEnumerationNames[name] ?? name, properties[name] as Json);
    return { name, type, required: false, description: parameterRecords[name].description };
  });
  const { limit, cursor, ...listingProperties } = plain(operations.list.request);
  const listing = fieldsOf({ properties: listingProperties }, literals);
  const listed = plain(operations.list.reply.images).items as unknown as ObjectSchema;
  const classes = [
    typedDict('Transformation', 'Parameters of `resize`, all optional.', transformation),
    typedDict('ListOptions', 'Parameters of `list`, all optional.', listing),
    dataclass('ListedImage', 'An entry in the list of stored images.', fieldsOf(listed, literals)),
    ...replyClasses.map(([name, docstring, operation]) => dataclass(name, docstring, replyFields(operation, literals))),
  ];
  const imports = [
    'from dataclasses import dataclass',
    'from typing import Literal, TypeAlias, TypedDict',
    ...(classes.some((text) => text.includes('Sequence[')) ? ['from collections.abc import Sequence'] : []),
  ].sort();
  return `${header('Parameters and replies.')}\n${imports.join('\n')}\n\n${literals}\n${classes.join('')}`;
}

function replyFields(operation: OperationName, literals: Literals): Field[] {
  const { properties, required } = plain(replySchemas[operation]) as unknown as ObjectSchema;
  const { status, message, request_id, image_data, ...fields } = properties;
  const data: Field = { name: 'data', type: 'bytes', required: true, description: undefined };
  return [...(image_data === undefined ? [] : [data]), ...fieldsOf({ properties: fields, required }, literals)];
}

function fieldsOf(schema: object, literals: Literals): Field[] {
  const { properties, required = [] } = schema as ObjectSchema;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: literals.typeOf(enumerationNames[name] ?? name, property),
    required: required.includes(name),
    description: property.description as string | undefined,
  }));
}

/** Source of `errors.py`: one class per error code. */
export function errorsModule(): string {
  const classes = Object.entries(errorCodes).map(([code, { status, title }]) => ({
    name: pascalCase(code === 'timeout' ? 'service_timeout' : code).replace(/(Error)?$/, 'Error'),
    code,
    docstring: `${title} (${status} over HTTP).`,
  }));
  const bases = ['ImgwireError', 'NoReplyError', 'ServiceError', 'UnexpectedReplyError'];
  const exported = [...bases, ...classes.map(({ name }) => name)];
  const retried = Object.entries(errorCodes).filter(([, entry]) => 'retryAfter' in entry);
  return [
    header('Errors: one class per error code of the service.'),
    `from ._errors import ${bases.join(', ')}\n`,
    `__all__ = [\n${exported
      .sort()
      .map((name) => `    "${name}",\n`)
      .join('')}]\n`,
    ...classes.map(({ name, docstring }) => `\nclass ${name}(ServiceError):\n    """${docstring}"""\n`),
    `\nBY_CODE: dict[str, type[ServiceError]] = {\n${classes.map(({ code, name }) => `    "${code}": ${name},\n`).join('')}}`,
    '"""Error classes by code."""\n',
    `RETRY_AFTER = frozenset({${retried.map(([code]) => `"${code}"`).join(', ')}})`,
    '"""Codes that the service sends with retry_after."""\n',
  ].join('\n');
}

/** Plain JSON Schema, without what TypeBox adds. */
const plain = (schema: object) => JSON.parse(JSON.stringify(schema)) as Json;
