namespace ModelBuild.Compression.Work;

/// <summary>One line of a progress report of the engine.</summary>
/// <param name="Text">The current work or its result as text.</param>
/// <param name="Place">The position of the work.</param>
/// <param name="IsPassing">Whether the report only shows the progress of a long run, so that a log omits it.</param>
internal sealed record WorkLine(string Text, WorkPlace Place, bool IsPassing = false);
