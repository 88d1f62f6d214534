namespace ModelBuild.Compression.Work;

/// <summary>A report of the engine while it works.</summary>
/// <param name="Text">What is being done, or what came of it, in words.</param>
/// <param name="Place">Where the work is.</param>
/// <param name="IsPassing">Whether it tells only where a long run is, so that a log leaves it out.</param>
public sealed record WorkLine(string Text, WorkPlace Place, bool IsPassing = false);
