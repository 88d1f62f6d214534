namespace ModelBuild.Compression.Reports;

/// <summary>The classes that a model predicts on held-out rows, compared with those of the teacher and with the labels.</summary>
/// <param name="Agreement">The rows for which the model gives the class of its teacher; null without a teacher.</param>
/// <param name="Accuracy">The rows for which the model gives the label; null without labels.</param>
/// <param name="Classes">The same for each class that occurs, in the order of the classes.</param>
internal sealed record ClassComparison(ClassAgreement? Agreement, ClassAccuracy? Accuracy, IReadOnlyList<ClassDifference> Classes);
