namespace ModelBuild.Compression.Receipts;

/// <summary>The recipe of a receipt.</summary>
/// <param name="Asked">What the project asked for.</param>
/// <param name="Steps">The steps as they ran; empty when the original was kept.</param>
public sealed record RecipeFacts(string Asked, IReadOnlyList<string> Steps);
