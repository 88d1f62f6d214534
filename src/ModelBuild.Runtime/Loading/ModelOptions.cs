using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>How to load a model. What is not said here is as the project and ONNX Runtime say.</summary>
public sealed record ModelOptions
{
    /// <summary>The model's file, when it is not where the project deploys it; a relative path starts at the current directory.</summary>
    public string? Path { get; init; }

    /// <summary>The execution providers to try, in order: <c>[ "cuda", "cpu" ]</c>. Null takes the project's list.</summary>
    public IReadOnlyList<ModelProvider>? Providers { get; init; }

    /// <summary>
    /// Leaves the choice of devices to ONNX Runtime, in place of <see cref="Providers"/>. It chooses among <see cref="ModelDevices.All"/>;
    /// load plug-in libraries first (<see cref="ModelDevices.AddLibrary"/>).
    /// </summary>
    public DevicePolicy? DevicePolicy { get; init; }

    /// <summary>
    /// A folder where the model is kept as the provider compiled it, so that only the first start takes the time for it; a relative
    /// path starts at the model's own folder. For providers that compile: TensorRT, TensorRT for RTX, OpenVINO, QNN, Vitis AI, and plug-ins that are named by their library.
    /// Entries depend on the model, the provider with its options and device, and the version of ONNX Runtime, and not on
    /// <see cref="ConfigureSession"/>. When anything fails the portable model is loaded. Null keeps nothing.
    /// </summary>
    public string? CompiledCache { get; init; }

    /// <summary>How many threads one run uses. Null leaves it to ONNX Runtime, which takes one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Whether ONNX Runtime's threads wait for the next work by spinning: faster runs, busy cores. Null leaves it to ONNX
    /// Runtime, which spins.
    /// </summary>
    public bool? Spinning { get; init; }

    /// <summary>
    /// How many runs the model is made for at once. The threads are divided among them, calls go to the one that is free, and calls with several rows are split among
    /// all and joined in order. The weights are in memory once where ONNX Runtime allows it. A model in stages runs so many calls in each stage, and the threads are divided
    /// among all of them.
    /// </summary>
    public int Parallel { get; init; } = 1;

    /// <summary>
    /// For a model that the project cuts into stages: the execution providers of each stage, in order, such as <c>[["cuda"], ["cpu"]]</c>. Null takes the same for all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<ModelProvider>>? StageProviders { get; init; }

    /// <summary>Whether the model is loaded at its first use, not before: a quick start, and errors of loading at the first call.</summary>
    public bool Lazy { get; init; }

    /// <summary>
    /// Whether the model runs once on zeros when it is loaded, so that the first real call is as fast as the others: with <see cref="Lazy"/> at the first use, and before a
    /// file that is loaded anew takes over. One that fails counts as not loaded.
    /// </summary>
    public bool WarmUp { get; init; }

    /// <summary>Sets whatever else ONNX Runtime offers, last of all. Called for each session that is tried.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }
}
