namespace ModelBuild.Compression.Reports;

/// <summary>The numbers of rows for which a model predicts the class of its teacher, before and after training.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Before">The number of rows for which the model gives the teacher's class before training.</param>
/// <param name="After">The same after training.</param>
internal sealed record ClassAgreement(int Rows, int Before, int After);
