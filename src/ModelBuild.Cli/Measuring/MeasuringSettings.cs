namespace ModelBuild.Cli.Measuring;

/// <summary>Represents the settings for the measurement of times.</summary>
/// <param name="Provider">The short name of the execution provider.</param>
/// <param name="Threads">The numbers of threads of a run; <see cref="NumberList.AllThreads"/> for the default of ONNX Runtime.</param>
/// <param name="Rows">The numbers of rows of a call; null for one row, or for as many as the model fixes.</param>
/// <param name="Seconds">The total time of the calls of each measurement in seconds.</param>
/// <param name="OnnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
internal sealed record MeasuringSettings(string Provider, IReadOnlyList<int> Threads, IReadOnlyList<int?> Rows, double Seconds, string? OnnxRuntime);
