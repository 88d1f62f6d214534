namespace ModelBuild.Compression.Reports;

/// <summary>The figures for held-out rows that were changed adversarially, by the gradients of the loss.</summary>
/// <param name="Distance">The distance as a share of the range of the inputs.</param>
/// <param name="IsAgreement">Whether the share of rows was measured for which the model and its teacher choose the same class; otherwise the loss.</param>
/// <param name="Before">The figure before training; null if no row is held out.</param>
/// <param name="After">The figure of the kept values; null if no row is held out.</param>
internal sealed record MovedReport(double Distance, bool IsAgreement, double? Before, double? After);
