using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs one call on a session with cached bindings, one for each of the most recently used shapes. While the shapes repeat, no binding is created and no memory
/// is allocated.
/// </summary>
internal sealed class SessionCall(SessionEngine engine, CallTensors tensors) : EngineCall
{
    private const OrtLoggingLevel AsTheSession = (OrtLoggingLevel)(-1);

    private readonly BindingCache<ShapeBinding> _bindings = new();

    public override void Run(RunOptions options)
    {
        var binding = _bindings.Find(tensors.Key) ?? _bindings.Add(new ShapeBinding(engine, tensors, presize: true));
        binding.Prepare();
        try
        {
            if (binding.HasPredictedShape)
                RunQuietly(binding, options);
            else
                binding.Run(options);
        }
        catch (OnnxRuntimeException exception) when (binding.HasPresized && !options.Terminate && IsAboutShape(exception))
        {
            // An output can have another shape than its declaration or than in the previous run. The call runs again with outputs that ONNX Runtime
            // allocates. When this succeeds, the shapes that were wrong are marked as unreliable.
            _bindings.Remove(binding);
            var free = _bindings.Add(new ShapeBinding(engine, tensors, presize: false));
            free.Run(options);
            for (var output = 0; output < tensors.Outputs.Length; output++)
                if (binding.Differs(free, output))
                    engine.MarkShapeUnreliable(output);
        }
    }

    public override void Dispose() => _bindings.Dispose();

    /// <summary>
    /// Determines whether an exception may be caused by a wrong shape. ONNX Runtime has one error code for many errors, and its message texts change between
    /// versions, so only the word "shape" is tested.
    /// </summary>
    public static bool IsAboutShape(Exception exception) =>
        exception is OnnxRuntimeException && exception.Message.Contains("shape", StringComparison.OrdinalIgnoreCase);

    /// <summary>Runs the model without logging, because a wrong prediction of a shape is not an error that ONNX Runtime should log.</summary>
    private static void RunQuietly(ShapeBinding binding, RunOptions options)
    {
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        try
        {
            binding.Run(options);
        }
        finally
        {
            options.LogSeverityLevel = AsTheSession;
        }
    }
}
