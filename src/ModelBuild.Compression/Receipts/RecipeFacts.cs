namespace ModelBuild.Compression.Receipts;

/// <summary>The recipe of a receipt.</summary>
/// <param name="Asked">The recipe that the project requests.</param>
/// <param name="Steps">The steps that ran; empty when the original was kept.</param>
internal sealed record RecipeFacts(string Asked, IReadOnlyList<string> Steps);
