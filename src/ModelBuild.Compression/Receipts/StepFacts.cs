using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Receipts;

/// <summary>One step of a receipt.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Changes">How often each kind of change was made.</param>
/// <param name="LeftAlone">What was not changed, and why.</param>
public sealed record StepFacts(string Step, IReadOnlyDictionary<string, int> Changes, IReadOnlyList<LeftAlone> LeftAlone);
