namespace ModelBuild.Compression.Receipts;

/// <summary>The recipe of a receipt: the text that the project asks for, and the steps that ran.</summary>
/// <param name="Asked">The recipe that the project requests.</param>
/// <param name="Steps">The steps that ran; empty when the original was kept.</param>
internal sealed record RecipeFacts(string Asked, IReadOnlyList<string> Steps);
