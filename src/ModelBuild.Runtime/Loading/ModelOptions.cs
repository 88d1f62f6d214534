using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>Contains the options for loading a model. An option that is not set has the value of the project, or the default of ONNX Runtime.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// Gets the path of the model file; null for the file that the project deploys. A relative path is resolved against the current directory.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// Gets the execution providers in the order in which they are tried, such as <c>[ "cuda", "cpu" ]</c>; null for the list of the project.
    /// </summary>
    public IReadOnlyList<ModelProvider>? Providers { get; init; }

    /// <summary>
    /// Gets the policy by which ONNX Runtime chooses among the devices of <see cref="ModelDevices.All"/>; null to use <see cref="Providers"/>. Plug-in
    /// libraries must be loaded before (<see cref="ModelDevices.AddLibrary"/>).
    /// </summary>
    public DevicePolicy? DevicePolicy { get; init; }

    /// <summary>
    /// Gets the folder in which the model is stored in the form that the provider compiled, so that only the first start spends time on the compilation; null
    /// to store nothing. A relative path is resolved against the folder of the model. The folder is used for providers that compile: TensorRT, TensorRT for
    /// RTX, OpenVINO, QNN, Vitis AI, and plug-ins that are named by their library. An entry depends on the model, the provider with its options and device,
    /// and the version of ONNX Runtime, but not on <see cref="ConfigureSession"/>. When the compilation or the compiled model fails, the original model is
    /// loaded.
    /// </summary>
    public string? CompiledCache { get; init; }

    /// <summary>Gets the number of threads that one run uses; null for the default of ONNX Runtime, one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Gets whether the threads of ONNX Runtime wait for work by spinning, which makes runs faster and keeps cores busy; null for the default of ONNX
    /// Runtime, which spins.
    /// </summary>
    public bool? Spinning { get; init; }

    /// <summary>
    /// Gets the number of runs that the model can execute at once; the default is 1. The threads are divided among the runs. A call runs on the worker with
    /// the fewest runs, and a call with several rows is split among all workers. On the CPU all workers share the weights in memory; on other devices each
    /// has its own. In a model with stages the number applies to each stage, and the threads are divided among all runs of all stages.
    /// </summary>
    public int Parallel { get; init; } = 1;

    /// <summary>
    /// Gets the execution providers of each stage of a model that the project cuts into stages, in order, such as <c>[["cuda"], ["cpu"]]</c>; null to use the
    /// same providers for all stages.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<ModelProvider>>? StageProviders { get; init; }

    /// <summary>
    /// Gets whether the model is loaded at its first use instead of at construction. Construction is then fast, and errors of loading occur at the first
    /// call.
    /// </summary>
    public bool Lazy { get; init; }

    /// <summary>
    /// Gets whether the model runs once on zeros when it is loaded, so that the first real call is as fast as the later ones. With <see cref="Lazy"/> this
    /// happens at the first use, and with a reload before the new file replaces the previous one. When this run fails, loading fails.
    /// </summary>
    public bool WarmUp { get; init; }

    /// <summary>
    /// Gets the server that runs the model instead of ONNX Runtime in this process; null to run it here. The options of sessions (<see cref="Providers"/>,
    /// <see cref="Threads"/>, <see cref="Parallel"/> and others) then have no effect.
    /// </summary>
    public RemoteModel? RemoteModel { get; init; }

    /// <summary>
    /// Gets an action that receives the <c>ModelHost</c> of the model when it is opened. Libraries use the action to call models without their classes.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Action<object>? Opened { get; init; }

    /// <summary>Gets an action that sets further options of ONNX Runtime. It runs last, once for each session that is tried.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Creates the options of a model that runs on a server that implements the Open Inference Protocol (KServe v2), such as Triton.</summary>
    /// <param name="address">The address of the server without <c>/v2</c>, such as <c>https://models.example.com</c>.</param>
    /// <param name="name">The name of the model on the server; null for the name of the class without its namespace.</param>
    /// <returns>The options. <c>ModelOptions.Remote(…) with { RemoteModel = … }</c> sets the deadline and other options.</returns>
    /// <exception cref="UriFormatException">The address is not an absolute URI.</exception>
    public static ModelOptions Remote(string address, string? name = null) => new() { RemoteModel = new RemoteModel(new Uri(address)) { Name = name } };
}
