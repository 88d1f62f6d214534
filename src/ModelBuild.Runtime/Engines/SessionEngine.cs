using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Providers;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Engines;

/// <summary>Runs calls of many threads on one ONNX Runtime session.</summary>
internal sealed class SessionEngine : Engine
{
    private readonly InferenceSession _session;
    private readonly Lock? _deviceLock;
    private readonly ShapeSource[] _shapeSources;
    private readonly OptionalOutputs? _optionals;

    public SessionEngine(InferenceSession session, string provider, Lock? deviceLock, ShapeProgram shapes)
    {
        (_session, _deviceLock) = (session, deviceLock);
        Provider = provider;
        CopiesInputs = !InputMemory.IsMain(session, provider);
        _optionals = session.OutputMetadata.Values.Any(output => output.OnnxValueType == OnnxValueType.ONNX_TYPE_OPTIONAL) ? new OptionalOutputs() : null;
        _shapeSources = [.. shapes.Outputs.Select(output => output is null ? ShapeSource.PreviousRun : ShapeSource.Declared)];
    }

    public override string Provider { get; }

    public override InferenceSession Session => _session;

    /// <summary>Gets whether binding an input copies it to another device, so that each run must bind again.</summary>
    public bool CopiesInputs { get; }

    /// <summary>Locks the device if it supports only one operation at a time; on other devices the method returns immediately.</summary>
    public DeviceLock LockDevice() => new(_deviceLock);

    public override EngineCall NewCall(CallTensors tensors) => new SessionCall(this, tensors);

    /// <summary>Returns the outputs of a run in the order in which they were bound; an element is null for an empty optional.</summary>
    public BoundOutputs GetOutputs(OrtIoBinding binding) => _optionals?.Get(binding) ?? new BoundOutputs(binding.GetOutputValues());

    /// <summary>Returns the source from which the shape of an output is known before a run.</summary>
    public ShapeSource ShapeSourceOf(int output) => _shapeSources[output];

    /// <summary>
    /// Records that an output had another shape than was expected. Two concurrent callers may both record it, which only makes later runs slower.
    /// </summary>
    public void MarkShapeUnreliable(int output) =>
        _shapeSources[output] = _shapeSources[output] == ShapeSource.Declared ? ShapeSource.PreviousRun : ShapeSource.Unknown;

    public void CloseSession()
    {
        using var held = LockDevice();
        _session.Dispose();
    }

    protected override void Close() => CloseSession();
}
