namespace ModelBuild.Protocol;

/// <summary>One diagnostic.</summary>
/// <param name="Code">The code, such as <c>MB1001</c>.</param>
/// <param name="Severities">How severe it may be.</param>
/// <param name="Title">What it reports, in a few words.</param>
internal sealed record DiagnosticRule(string Code, Severities Severities, string Title);
