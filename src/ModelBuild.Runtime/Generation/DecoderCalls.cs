using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Engines;

namespace ModelBuild.Runtime.Generation;

/// <summary>Runs a decoder on the tokens of one text. Each call computes only the new tokens.</summary>
/// <param name="contract">The contract of the model.</param>
/// <param name="layout">The inputs and outputs of the decoder.</param>
/// <param name="encoderStates">The result of the encoder, [1, tokens, width]; null for a decoder without one. This object disposes it.</param>
internal sealed class DecoderCalls(ModelContract contract, DecoderLayout layout, OrtValue? encoderStates) : IDisposable
{
    private float[] _logits = [];

    public DecoderCache Cache { get; } = new(contract, layout);

    /// <summary>Gets the logits of the token that follows the tokens of the last call.</summary>
    public Span<float> Logits => _logits;

    /// <summary>Computes the logits after further tokens. If the method throws, the cache is unchanged.</summary>
    public void Run(SessionEngine engine, RunOptions options, ReadOnlySpan<int> tokens)
    {
        using var held = engine.LockDevice();
        using var binding = engine.Session.CreateIoBinding();
        var created = new List<OrtValue>();
        var outputs = Array.Empty<OrtValue>();
        try
        {
            Bind(binding, tokens, created);
            BindOutputs(binding, engine.Session);
            engine.Session.RunWithBinding(options, binding);
            outputs = [.. binding.GetOutputValues()];
            DecoderTensors.CopyLastRow(outputs[0], ref _logits);
            Cache.Replace(outputs.AsSpan(1), Cache.Length + tokens.Length);
            // The cache now owns all outputs except the logits, so this method disposes only the logits.
            outputs = [outputs[0]];
        }
        finally
        {
            foreach (var value in created)
                value.Dispose();
            foreach (var value in outputs)
                value.Dispose();
        }
    }

    public void Dispose()
    {
        Cache.Dispose();
        encoderStates?.Dispose();
    }

    private void Bind(OrtIoBinding binding, ReadOnlySpan<int> tokens, List<OrtValue> created)
    {
        var (inputs, past, count) = (contract.Inputs, Cache.Length, tokens.Length);
        Add(layout.Ids, DecoderTensors.Tokens(inputs[layout.Ids], tokens));
        if (layout.Mask >= 0)
            Add(layout.Mask, DecoderTensors.Series(inputs[layout.Mask], 1, 0, 1, past + count));
        if (layout.Positions >= 0)
            Add(layout.Positions, DecoderTensors.Series(inputs[layout.Positions], past, 1, 1, count));
        if (layout.CachePositions >= 0)
            Add(layout.CachePositions, DecoderTensors.Series(inputs[layout.CachePositions], past, 1, count));
        if (layout.Kept >= 0)
            Add(layout.Kept, DecoderTensors.Series(inputs[layout.Kept], 1, 0, DecoderTensors.One(inputs[layout.Kept])));
        if (layout.UsesCache >= 0)
            Add(layout.UsesCache, DecoderTensors.Flag(inputs[layout.UsesCache], past > 0));
        if (layout.EncoderMask >= 0)
            Add(layout.EncoderMask, DecoderTensors.Series(inputs[layout.EncoderMask], 1, 0, 1, encoderStates!.GetTensorTypeAndShape().Shape[1]));
        if (layout.EncoderStates >= 0)
            binding.BindInput(inputs[layout.EncoderStates].Name, encoderStates!);
        for (var i = 0; i < layout.Pairs.Count; i++)
            binding.BindInput(inputs[layout.Pairs[i].Input].Name, Cache.Values[i]);

        void Add(int input, OrtValue value)
        {
            created.Add(value);
            binding.BindInput(inputs[input].Name, value);
        }
    }

    // Binds each output to the memory in which the session creates it, so that a cache on a device is not copied to the host.
    private void BindOutputs(OrtIoBinding binding, InferenceSession session)
    {
        using var memories = session.GetMemoryInfosForOutputs();
        binding.BindOutputToDevice(contract.Outputs[layout.Logits].Name, OrtMemoryInfo.DefaultInstance);
        foreach (var pair in layout.Pairs)
            if (Cache.Takes(pair))
            {
                var name = contract.Outputs[pair.Output].Name;
                binding.BindOutputToDevice(name, memories[IndexOf(session.OutputNames, name)]);
            }
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == name)
                return i;
        throw new InvalidOperationException($"The session has no output '{name}'.");
    }
}
