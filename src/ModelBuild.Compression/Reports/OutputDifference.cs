namespace ModelBuild.Compression.Reports;

/// <summary>The error of an output on held-out rows, before and after training.</summary>
/// <param name="Output">The name of the output.</param>
/// <param name="Before">The root of the squared error relative to the teacher's signal, before training.</param>
/// <param name="After">The same after training.</param>
internal sealed record OutputDifference(string Output, double Before, double After);
