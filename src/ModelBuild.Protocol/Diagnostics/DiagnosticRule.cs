namespace ModelBuild.Protocol;

/// <summary>Describes one diagnostic.</summary>
/// <param name="Code">The code, such as <c>MB1001</c>.</param>
/// <param name="Severities">The severities that it can have.</param>
/// <param name="Title">A title of a few words.</param>
internal sealed record DiagnosticRule(string Code, Severities Severities, string Title);
