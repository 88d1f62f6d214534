using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the JSON document that <c>perf --json</c> prints.</summary>
/// <param name="Model">The path of the model as the user gave it.</param>
/// <param name="Bytes">The bytes of the model on disk, including external data.</param>
/// <param name="Machine">The machine and the ONNX Runtime that the model ran on.</param>
/// <param name="Inputs">The inputs of the calls.</param>
/// <param name="Measurements">One entry for each number of threads and of rows.</param>
/// <param name="Profile">The times of nodes, with the first of these numbers.</param>
internal sealed record PerfDocument(
    string Model,
    long Bytes,
    MachineFacts Machine,
    TimedInputFacts Inputs,
    IReadOnlyList<PerfRow> Measurements,
    RunProfile Profile
);
