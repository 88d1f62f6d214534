using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Opens models in ONNX Runtime as the engine runs them: on the CPU with one thread, so that results do not depend on the load of the machine.
/// </summary>
internal static class Sessions
{
    // Models with at least this many bytes are opened without prepacking, which saves a copy of the weights. Smaller models are prepacked, because integer
    // kernels would otherwise reorder the weights in each call and take twice the time.
    private const long SpareFrom = 32 << 20;

    // The weights of models with more than this many bytes are written to a separate file, which ONNX Runtime maps. For smaller models, that costs more time
    // than it saves.
    private const long MapFrom = 128 << 20;

    /// <summary>Opens the model at <paramref name="path"/> with the optimizations that an application gets.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession Open(string path) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
            AskForPrecision(options, path);
            return OpenFile(path, options);
        });

    /// <summary>Opens the model at <paramref name="path"/> with the speed and the memory that it has in an application.</summary>
    /// <param name="path">The path of the model.</param>
    /// <param name="threads">The number of threads of one run; 0 for the default of ONNX Runtime, one for each core.</param>
    /// <param name="configure">Sets further options, such as execution providers.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession OpenAsApplication(string path, int threads, Action<SessionOptions> configure) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
            options.IntraOpNumThreads = threads;
            AskForPrecision(options, path);
            configure(options);
            return new InferenceSession(path, options);
        });

    /// <summary>Opens the model at <paramref name="path"/> without optimizations.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession OpenAsWritten(string path) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_DISABLE_ALL);
            return OpenFile(path, options);
        });

    /// <summary>Opens a model from memory without optimizations.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession OpenUnoptimized(OnnxModel model) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_DISABLE_ALL);
            return new InferenceSession(Bytes(model), options);
        });

    /// <summary>Writes the graph that results from the optimizations of ONNX Runtime to a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="isForThisProcessor">Whether the optimizations that depend on the CPU are included.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static void SaveOptimized(OnnxModel model, string path, bool isForThisProcessor = false) =>
        Guard(() =>
        {
            using var options = CreateOptions(isForThisProcessor ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_ENABLE_EXTENDED);
            options.OptimizedModelFilePath = path;
            new InferenceSession(Bytes(model), options).Dispose();
            return true;
        });

    /// <summary>Opens a model from memory with the optimizations that do not depend on the CPU.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isPart">Whether the model is one of many that are open together, so that its session must use little memory.</param>
    /// <param name="isRun">Whether the session runs the model. Otherwise only its inferred shapes are read.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession OpenPortable(OnnxModel model, bool isPart = false, bool isRun = true) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_EXTENDED);
            if (isRun)
                AskForPrecision(options, model);
            var isLarge = LargeModels.WeightBytes(model) > SpareFrom;
            if (isPart || isLarge)
                SpareMemory(options);
            // The weights of a large model are mapped from a temporary file, except on Windows. There a mapped file cannot be deleted, so that the temporary
            // file would remain.
            return isLarge && !OperatingSystem.IsWindows() ? OpenMapped(model, options) : new InferenceSession(Bytes(model), options);
        });

    /// <summary>Opens a training graph from memory with all optimizations, to run on several threads.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="isPart">Whether the graph is one of several that run one after another, so that its session must keep no memory between runs.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the graph.</exception>
    public static InferenceSession OpenForTraining(OnnxModel model, int threads, bool isPart = false) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
            options.IntraOpNumThreads = threads;
            // Subnormal numbers count as zero. During training, gradients become so small that they are subnormal, and processors compute slowly with subnormal
            // numbers.
            options.AddSessionConfigEntry("session.set_denormal_as_zero", "1");
            // Idle threads of ONNX Runtime must not wait in a loop, because the engine computes on the same cores between two training steps.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            options.EnableCpuMemArena = !isPart;
            options.EnableMemoryPattern = !isPart;
            return new InferenceSession(Bytes(model), options);
        });

    /// <summary>Returns the version of the loaded ONNX Runtime.</summary>
    public static string RuntimeVersion() => Guard(() => OrtEnv.Instance().GetVersionString());

    /// <summary>Returns the message of an ONNX Runtime exception on one line.</summary>
    public static string Reason(OnnxRuntimeException exception) => exception.Message.ReplaceLineEndings(" ").Trim();

    // Sets the option for precise integer products if the graph of a model in memory has signed weights. A model in memory has no metadata entry about its
    // weights yet.
    private static void AskForPrecision(SessionOptions options, OnnxModel model)
    {
        if (IntegerProducts.Saturate && IntegerArithmetic.IsUnsignedBySigned(model))
            options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
    }

    // Sets the option for precise integer products if the metadata of the model file requires it. ModelBuild.Runtime sets the option in applications, too.
    private static void AskForPrecision(SessionOptions options, string path)
    {
        if (
            IntegerProducts.Saturate
            && OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }).GetMetadata(IntegerProducts.ArithmeticKey) == IntegerProducts.UnsignedBySigned
        )
            options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
    }

    // Opens a model file. A large model is mapped first, because ONNX Runtime needs twice the size of a large model while it reads one with embedded weights.
    private static InferenceSession OpenFile(string path, SessionOptions options)
    {
        SpareMemoryOfLarge(path, options);
        return new FileInfo(path).Length > MapFrom && !OperatingSystem.IsWindows()
            ? OpenMapped(OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true }), options)
            : new InferenceSession(path, options);
    }

    // Opens a model with its weights in a separate temporary file, which ONNX Runtime maps. Embedded weights are copied twice: to the parsed model, and from
    // there to the session.
    private static InferenceSession OpenMapped(OnnxModel model, SessionOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            model.Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
            model.ReleaseWeights();
            return new InferenceSession(path, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void SpareMemoryOfLarge(string path, SessionOptions options)
    {
        var weights = new FileInfo(path + OnnxModel.ExternalDataSuffix);
        if (new FileInfo(path).Length + (weights.Exists ? weights.Length : 0) > SpareFrom)
            SpareMemory(options);
    }

    // Turns off the prepacked copies of weights, and the memory arena that doubles when it grows. Both use much memory, and save too little time in a session
    // that runs only a few calls.
    private static void SpareMemory(SessionOptions options)
    {
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1");
        options.EnableCpuMemArena = false;
    }

    // Serializes a model to bytes and releases its mapped weights, because the bytes contain a copy of them.
    private static byte[] Bytes(OnnxModel model)
    {
        var bytes = model.ToBytes();
        model.ReleaseWeights();
        return bytes;
    }

    private static SessionOptions CreateOptions(GraphOptimizationLevel level) =>
        new()
        {
            GraphOptimizationLevel = level,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // Only fatal errors are logged, because ONNX Runtime logs to the console. Relevant errors are exceptions.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

    private static T Guard<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        // FileNotFoundException is not caught. The exception means that the managed assembly of ONNX Runtime is missing, and the program has its own message
        // for this error.
        catch (Exception exception)
            when (exception is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new CompressionException(
                Codes.OnnxRuntimeMissing,
                $"ONNX Runtime cannot be loaded ({(exception.InnerException ?? exception).Message.ReplaceLineEndings(" ")}): "
                    + "reference the package Microsoft.ML.OnnxRuntime in the project, or name its folder with --onnxruntime.",
                inner: exception
            );
        }
    }
}
