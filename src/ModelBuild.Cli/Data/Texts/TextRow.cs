using ModelBuild.Cli.Data.Files;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Represents a text or a pair of texts, with its class.</summary>
/// <param name="First">The first text.</param>
/// <param name="Second">The second text; null if there is one text.</param>
/// <param name="Label">The name or the number of the class of the text; null if there is none.</param>
/// <param name="Place">The file and the line of the text.</param>
internal sealed record TextRow(string First, string? Second, string? Label, DataPlace Place);
