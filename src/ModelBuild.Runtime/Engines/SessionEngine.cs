using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Providers;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Engines;

/// <summary>One ONNX Runtime session, which many threads may run at once.</summary>
internal sealed class SessionEngine : Engine
{
    private readonly InferenceSession _session;
    private readonly Lock? _turns;
    private readonly OutputTrust[] _trust;
    private readonly OptionalOutputs? _optionals;

    public SessionEngine(InferenceSession session, string provider, Lock? turns, ShapeProgram shapes)
    {
        (_session, _turns) = (session, turns);
        Provider = provider;
        CopiesInputs = !InputMemory.IsMain(session, provider);
        _optionals = session.OutputMetadata.Values.Any(output => output.OnnxValueType == OnnxValueType.ONNX_TYPE_OPTIONAL) ? new OptionalOutputs() : null;
        _trust = [.. shapes.Outputs.Select(output => output is null ? OutputTrust.Seen : OutputTrust.Declared)];
    }

    public override string Provider { get; }

    public override InferenceSession Session => _session;

    /// <summary>Whether binding an input takes a copy to another device, so that each run must bind again.</summary>
    public bool CopiesInputs { get; }

    /// <summary>Waits until nobody else uses a device that takes one thing at a time; on others, not at all.</summary>
    public Turn TakeTurn() => new(_turns);

    public override EngineCall NewCall(CallTensors tensors) => new SessionCall(this, tensors);

    /// <summary>What a run has left in the bound outputs, in the order in which they were bound; null for an optional one that holds nothing.</summary>
    public BoundOutputs GetOutputs(OrtIoBinding binding) => _optionals?.Get(binding) ?? new BoundOutputs(binding.GetOutputValues());

    /// <summary>How far an output's shape can be known before a run.</summary>
    public OutputTrust Trust(int output) => _trust[output];

    /// <summary>An output had another shape than was known. Callers at once may say so twice, which costs speed only.</summary>
    public void Distrust(int output) => _trust[output] = _trust[output] == OutputTrust.Declared ? OutputTrust.Seen : OutputTrust.None;

    public void CloseSession()
    {
        using var turn = TakeTurn();
        _session.Dispose();
    }

    protected override void Close() => CloseSession();
}
