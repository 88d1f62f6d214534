namespace ModelBuild.Compression.Diagnostics;

/// <summary>Something that a person should know, and that stops nothing.</summary>
/// <param name="Code">Its code, one of <see cref="Codes"/>.</param>
/// <param name="Text">What it is, and what to do about it.</param>
public sealed record Warning(string Code, string Text);
