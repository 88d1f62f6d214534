namespace ModelBuild.Protocol;

/// <summary>Represents the reason why the process of <c>modelbuild serve</c> does not serve.</summary>
/// <param name="Code">The code of the diagnostic.</param>
/// <param name="File">The path of the model; null if the diagnostic is about no model.</param>
/// <param name="Text">The fault and its remedy.</param>
internal sealed record ServeFailure(string Code, string? File, string Text);
