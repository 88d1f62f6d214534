namespace ModelBuild.Compression.Reports;

/// <summary>The workers that trained a model together. The last digits of the weights depend on the number of workers and on the transport.</summary>
/// <param name="Count">The number of workers.</param>
/// <param name="Transport">The transport of the gradients between the workers, such as <c>TCP</c> or <c>Open MPI</c>.</param>
internal sealed record WorkersReport(int Count, string Transport);
