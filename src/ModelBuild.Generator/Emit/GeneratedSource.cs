namespace ModelBuild.Generator.Emit;

/// <summary>A generated file.</summary>
internal sealed record GeneratedSource(string HintName, string Text);
