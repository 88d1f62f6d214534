namespace ModelBuild.Compression.Pages.Report;

/// <summary>A step that a user can take next to improve a result: its title, the reason, and the line to copy.</summary>
/// <param name="Title">The advice, in a few words.</param>
/// <param name="Why">The measured reason, and what the step costs.</param>
/// <param name="Line">The line to copy.</param>
internal sealed record NextStep(string Title, string Why, string Line);
