namespace ModelBuild.Compression.Reports;

/// <summary>The figures for the held-out rows of one class.</summary>
/// <param name="Class">The index of the class.</param>
/// <param name="Agreement">The rows to which the teacher gives this class; null without a teacher.</param>
/// <param name="Accuracy">The rows with this label; null if there are none.</param>
internal sealed record ClassDifference(int Class, ClassAgreement? Agreement, ClassAccuracy? Accuracy);
