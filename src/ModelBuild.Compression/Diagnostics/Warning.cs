namespace ModelBuild.Compression.Diagnostics;

/// <summary>A problem that does not end the build, but that users must know about.</summary>
/// <param name="Code">The code of the warning, one of <see cref="Codes"/>.</param>
/// <param name="Text">The problem and the remedy.</param>
internal sealed record Warning(string Code, string Text);
