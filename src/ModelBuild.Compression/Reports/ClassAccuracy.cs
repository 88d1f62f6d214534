namespace ModelBuild.Compression.Reports;

/// <summary>The numbers of rows for which each model predicts the label: the teacher, and the model before and after training.</summary>
/// <param name="Rows">The number of rows with a label.</param>
/// <param name="Teacher">The number of rows for which the teacher gives the label; null without a teacher.</param>
/// <param name="Before">The number of rows for which the model gives the label before training.</param>
/// <param name="After">The same after training.</param>
internal sealed record ClassAccuracy(int Rows, int? Teacher, int Before, int After);
