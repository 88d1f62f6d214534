using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>What one step of a recipe did.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Report">Its changes and what it left alone.</param>
public sealed record StepReport(string Step, PassReport Report);
