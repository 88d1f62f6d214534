namespace ModelBuild.Compression.Reports;

/// <summary>The answer of a model for one row: a class with its probability, or a number.</summary>
/// <param name="Class">The class; null for a number.</param>
/// <param name="Value">The probability of the class, or the number.</param>
internal sealed record RowAnswer(int? Class, double Value);
