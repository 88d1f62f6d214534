namespace ModelBuild.Generator.Emit;

/// <summary>Represents a generated source file by its name and its text.</summary>
internal sealed record GeneratedSource(string HintName, string Text);
