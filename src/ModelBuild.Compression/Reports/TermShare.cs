namespace ModelBuild.Compression.Reports;

/// <summary>The contribution of one term to the loss on held-out rows.</summary>
/// <param name="Term">The name of the term.</param>
/// <param name="Weight">The factor of the term in the loss.</param>
/// <param name="First">The mean of the term with its weight before training.</param>
/// <param name="FirstShare">Its share of the loss before training, 0…1; 0 for a loss of zero.</param>
/// <param name="Last">The mean of the term with its weight for the kept values.</param>
/// <param name="LastShare">Its share of the loss for the kept values, 0…1; 0 for a loss of zero.</param>
internal sealed record TermShare(string Term, double Weight, double First, double FirstShare, double Last, double LastShare);
