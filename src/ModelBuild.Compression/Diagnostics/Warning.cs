namespace ModelBuild.Compression.Diagnostics;

/// <summary>A problem that users must know and that does not end the build.</summary>
/// <param name="Code">The code of the warning, one of <see cref="Codes"/>.</param>
/// <param name="Text">The problem and the remedy.</param>
internal sealed record Warning(string Code, string Text);
