using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// One call's bindings to a session, one for each of the shapes that it met last. As long as those repeat, nothing is bound anew and nothing is allocated.
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
            if (binding.HasGuessed)
                RunQuietly(binding, options);
            else
                binding.Run(options);
        }
        catch (OnnxRuntimeException exception) when (binding.HasPresized && !options.Terminate && IsAboutShape(exception))
        {
            // An output may have another shape than the model declares, or than it had before. Without buffers of ours the run decides; when that works, the
            // wrong shapes are not believed any more.
            _bindings.Remove(binding);
            var free = _bindings.Add(new ShapeBinding(engine, tensors, presize: false));
            free.Run(options);
            for (var output = 0; output < tensors.Outputs.Length; output++)
                if (binding.Differs(free, output))
                    engine.Distrust(output);
        }
    }

    public override void Dispose() => _bindings.Dispose();

    /// <summary>ONNX Runtime has one code for many faults, and words its messages anew from version to version.</summary>
    public static bool IsAboutShape(Exception exception) =>
        exception is OnnxRuntimeException && exception.Message.Contains("shape", StringComparison.OrdinalIgnoreCase);

    /// <summary>A wrong guess is no error: ONNX Runtime must not log it as one.</summary>
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
