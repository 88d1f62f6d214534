namespace ModelBuild.Generator.Emit;

/// <summary>A generated file: its name and its text.</summary>
internal sealed record GeneratedSource(string HintName, string Text);
