using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// One call's bindings to a session, one for each of the shapes that it met last. As long as those repeat, nothing is bound anew and nothing is allocated.
/// </summary>
internal sealed class SessionCall(SessionEngine engine, CallTensors tensors) : EngineCall
{
    private const int MostBindings = 16;
    private const OrtLoggingLevel AsTheSession = (OrtLoggingLevel)(-1);

    // The last used first.
    private readonly List<ShapeBinding> _bindings = [];
    private bool _isQuiet;

    public override void Run(RunOptions options)
    {
        var binding = Find() ?? Add(new ShapeBinding(engine, tensors, presize: true));
        binding.Prepare();
        Quieten(options, binding.HasGuessed);
        try
        {
            binding.Run(options);
        }
        catch (OnnxRuntimeException exception) when (binding.HasPresized && !options.Terminate && IsAboutShape(exception))
        {
            // An output may have another shape than the model declares, or than it had before. Without buffers of ours the run decides; when that works, the
            // wrong shapes are not believed any more.
            Remove(binding);
            var free = Add(new ShapeBinding(engine, tensors, presize: false));
            Quieten(options, false);
            free.Run(options);
            for (var output = 0; output < tensors.Outputs.Length; output++)
                if (binding.Differs(free, output))
                    engine.Distrust(output);
        }
    }

    public override void Dispose()
    {
        foreach (var binding in _bindings)
            binding.Dispose();
        _bindings.Clear();
    }

    /// <summary>A wrong guess is no error: ONNX Runtime must not log it as one.</summary>
    private void Quieten(RunOptions options, bool isGuess)
    {
        if (isGuess == _isQuiet)
            return;
        options.LogSeverityLevel = isGuess ? OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL : AsTheSession;
        _isQuiet = isGuess;
    }

    private ShapeBinding? Find()
    {
        for (var i = 0; i < _bindings.Count; i++)
        {
            var binding = _bindings[i];
            if (!binding.Key.SequenceEqual(tensors.Key) || !binding.IsCurrent)
                continue;
            if (i > 0)
            {
                _bindings.RemoveAt(i);
                _bindings.Insert(0, binding);
            }

            return binding;
        }

        return null;
    }

    private ShapeBinding Add(ShapeBinding binding)
    {
        // A buffer that grew has moved: what stands on its old place would keep that.
        for (var i = _bindings.Count - 1; i >= 0; i--)
            if (!_bindings[i].IsCurrent || i >= MostBindings - 1)
                Remove(_bindings[i]);
        _bindings.Insert(0, binding);
        return binding;
    }

    private void Remove(ShapeBinding binding)
    {
        _bindings.Remove(binding);
        binding.Dispose();
    }

    /// <summary>ONNX Runtime has one code for many faults, and words its messages anew from version to version.</summary>
    private static bool IsAboutShape(OnnxRuntimeException exception) => exception.Message.Contains("shape", StringComparison.OrdinalIgnoreCase);
}
