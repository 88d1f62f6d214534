using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Runs a model for its outputs and, in a separate session, for observed values inside the model. Reading a value prevents ONNX Runtime from fusing around
/// it, and the compared outputs must be those that an application gets.
/// </summary>
internal sealed class ComparedRunner : IDisposable
{
    private readonly ModelRunner _outputs;
    private readonly ModelRunner? _observed;
    private readonly OutputPlan _plan;

    /// <param name="outputs">The session for the outputs, which is disposed with this object.</param>
    /// <param name="model">Loads the model.</param>
    /// <param name="plan">The plan of the comparison.</param>
    /// <param name="asAccelerator">Whether 16-bit floats round as on an accelerator.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public ComparedRunner(ModelRunner outputs, Func<OnnxModel> model, OutputPlan plan, bool asAccelerator, CancellationToken cancellationToken)
    {
        (_outputs, _plan) = (outputs, plan);
        if (plan.Observed.Count > 0)
            _observed = Observe(model(), plan, asAccelerator, cancellationToken);
    }

    /// <summary>Returns the values of one call in the order of the plan; null for observed values that the model does not have.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IReadOnlyList<OutputValues?> Run(Sample sample, CancellationToken cancellationToken)
    {
        var outputs = _outputs.Run(sample, cancellationToken);
        if (_observed is null)
            return [.. outputs, .. _plan.Observed.Select(_ => (OutputValues?)null)];
        var values = _observed.Run(sample, cancellationToken);
        var observed = _observed.Outputs.Zip(values).ToDictionary(value => value.First, value => value.Second, StringComparer.Ordinal);
        return [.. outputs, .. _plan.Observed.Select(observed.GetValueOrDefault)];
    }

    public void Dispose()
    {
        _outputs.Dispose();
        _observed?.Dispose();
    }

    private static ModelRunner? Observe(OnnxModel model, OutputPlan plan, bool asAccelerator, CancellationToken cancellationToken)
    {
        if (asAccelerator)
            AcceleratorArithmetic.Apply(model);
        var there = model.Proto.Graph.Node.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        string[] values = [.. plan.Observed.Where(there.Contains)];
        try
        {
            return values.Length == 0 ? null : new ModelRunner(Sessions.OpenPortable(ObservedModel.Of(model, values, cancellationToken)));
        }
        catch (OnnxRuntimeException)
        {
            // ONNX Runtime cannot infer the type of an observed value, so that no observed value is compared.
            return null;
        }
    }
}
