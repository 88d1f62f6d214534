using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Opens models in ONNX Runtime in the one way in which the engine runs them: on the CPU, with one thread, so that results do not depend on the machine's load.</summary>
internal static class Sessions
{
    // Below it a second copy of the weights costs little, and integer kernels, which order them at each call otherwise, take half the time.
    private const long SpareFrom = 32 << 20;

    // Below it writing the weights to a file of their own costs more than it is worth.
    private const long MapFrom = 128 << 20;

    /// <summary>Opens the model at <paramref name="path"/> with the optimizations that an application gets.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static InferenceSession Open(string path) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
            // As ModelBuild.Runtime does.
            if (
                IntegerProducts.Saturate
                && OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }).GetMetadata(IntegerProducts.ArithmeticKey)
                    == IntegerProducts.UnsignedBySigned
            )
                options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
            return OpenFile(path, options);
        });

    /// <summary>Opens the model at <paramref name="path"/> exactly as written: no optimization.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static InferenceSession OpenAsWritten(string path) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_DISABLE_ALL);
            return OpenFile(path, options);
        });

    /// <summary>Opens a model from memory, exactly as written: no optimization.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static InferenceSession OpenUnoptimized(OnnxModel model) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_DISABLE_ALL);
            return new InferenceSession(Bytes(model), options);
        });

    /// <summary>Writes what ONNX Runtime makes of a model with the optimizations that do not depend on the processor.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static void SaveOptimized(OnnxModel model, string path) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_EXTENDED);
            options.OptimizedModelFilePath = path;
            new InferenceSession(Bytes(model), options).Dispose();
            return true;
        });

    /// <summary>Opens a model from memory with the optimizations that do not depend on the processor.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isPart">Whether it is one of many that are open together, so that each must be sparing of memory.</param>
    /// <param name="isRun">Whether it will run; otherwise only its sizes are asked for.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static InferenceSession OpenPortable(OnnxModel model, bool isPart = false, bool isRun = true) =>
        Guard(() =>
        {
            using var options = CreateOptions(GraphOptimizationLevel.ORT_ENABLE_EXTENDED);
            if (isRun)
                AskForPrecision(options, model);
            var isLarge = LargeModels.WeightBytes(model) > SpareFrom;
            if (isPart || isLarge)
                SpareMemory(options);
            // Windows keeps the names of mapped files.
            return isLarge && !OperatingSystem.IsWindows() ? OpenMapped(model, options) : new InferenceSession(Bytes(model), options);
        });

    /// <summary>The version of the ONNX Runtime that is loaded.</summary>
    public static string RuntimeVersion() => Guard(() => OrtEnv.Instance().GetVersionString());

    /// <summary>The reason ONNX Runtime gives, without its source locations.</summary>
    public static string Reason(OnnxRuntimeException exception) => exception.Message.ReplaceLineEndings(" ").Trim();

    // A model in memory does not say yet what it multiplies; it is run as applications will run it.
    private static void AskForPrecision(SessionOptions options, OnnxModel model)
    {
        if (IntegerProducts.Saturate && IntegerArithmetic.IsUnsignedBySigned(model))
            options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
    }

    // A large model with its weights inside takes twice its size while ONNX Runtime reads it.
    private static InferenceSession OpenFile(string path, SessionOptions options)
    {
        SpareMemoryOfLarge(path, options);
        return new FileInfo(path).Length > MapFrom && !OperatingSystem.IsWindows()
            ? OpenMapped(OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true }), options)
            : new InferenceSession(path, options);
    }

    // ONNX Runtime maps weights that lie in a file of their own, where it copies those in bytes twice: from the bytes to its document, and from that to the session.
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

    // A second copy of all weights, ordered for speed, is not worth its memory for a handful of calls; nor is an arena that doubles as it grows.
    private static void SpareMemory(SessionOptions options)
    {
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1");
        options.EnableCpuMemArena = false;
    }

    // Mapped weights are in the bytes now, and need not be in memory twice.
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
            // Its own log goes to the console; what matters comes back as an exception.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

    private static T Guard<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        // Not FileNotFoundException: the managed part is missing then, which the program says in its own words.
        catch (Exception exception)
            when (exception is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new CompressionException(
                Codes.OnnxRuntimeMissing,
                $"ONNX Runtime does not load ({(exception.InnerException ?? exception).Message.ReplaceLineEndings(" ")}): reference the package Microsoft.ML.OnnxRuntime in the project, or name its folder with --onnxruntime.",
                inner: exception
            );
        }
    }
}
