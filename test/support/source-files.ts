// The source files of the repository as the tidy test sees them: text, syntax tree where one is asked for, and imports.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

export const ROOT = join(import.meta.dirname, "../..");

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => {
      const path = join(folder, name).replaceAll("\\", "/");
      return sourceFile(path, readFileSync(join(ROOT, path), "utf8"));
    });
}

export function sourceFile(path: string, text: string): SourceFile {
  let parsed: ts.SourceFile | undefined;
  return {
    path,
    text,
    get tree() {
      parsed ??= ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      return parsed;
    },
  };
}

/** Paths of the repository's own files that a file imports or re-exports. */
export function importsOf({ path, tree }: SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const named = statement.moduleSpecifier;
    if (named === undefined || !ts.isStringLiteral(named) || !named.text.startsWith(".")) return [];
    const target = join(dirname(path), named.text.replace(/\.js$/, ".ts"));
    return [target.replaceAll("\\", "/")];
  });
}

/** Whether anything is left of a file when its types are taken away. */
export function hasRunTimeCode({ tree }: SourceFile): boolean {
  return !tree.statements.every(isOfTypes);
}

/** As the compiler takes statements away that only types need: it looks at each by itself (verbatimModuleSyntax). */
function isOfTypes(statement: ts.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  if (ts.isImportDeclaration(statement))
    return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

/** Whether the file exists, seen from the root. */
export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** Functions, methods and function values of a file, with their lengths in lines. */
export function functionsOf({
  path,
  tree,
}: SourceFile): { readonly place: string; readonly lines: number }[] {
  const found: { place: string; lines: number }[] = [];
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const first = lineOf(node.getStart());
      found.push({ place: `${path}:${first + 1}`, lines: lineOf(node.getEnd()) - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Every use of a name that the file does not declare, and every property access, as written: "Math.random". */
export function namesUsedIn({ path, tree }: SourceFile): { readonly name: string; readonly place: string }[] {
  const found: { name: string; place: string }[] = [];
  const add = (name: string, node: ts.Node) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    found.push({ name, place: `${path}:${line + 1}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) add(node.getText(), node);
    if (ts.isIdentifier(node) && !isNameOfSomething(node)) add(node.text, node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Powers that engines may round differently: all but squares and powers of two, which are exact in each of them. */
export function powersIn({ path, tree }: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isInexactPower(node)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isInexactPower({ left, right, operatorToken: { kind } }: ts.BinaryExpression): boolean {
  if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return true;
  return kind === ts.SyntaxKind.AsteriskAsteriskToken && left.getText() !== "2" && right.getText() !== "2";
}

/** A property, a key or a declaration: `options.process` is not the global `process`. */
function isNameOfSomething(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name === node;
  }
  if (ts.isShorthandPropertyAssignment(parent) || ts.isBindingElement(parent)) return true;
  return ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isMethodDeclaration(parent);
}
