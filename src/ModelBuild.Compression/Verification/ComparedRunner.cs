using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Runs a model for its outputs and, in a session of its own, for values that are no outputs: a value that is read keeps ONNX Runtime from fusing
/// around it, and the outputs that are compared
/// are those that an application gets.
/// </summary>
internal sealed class ComparedRunner : IDisposable
{
    private readonly ModelRunner _outputs;
    private readonly ModelRunner? _observed;
    private readonly OutputPlan _plan;

    /// <param name="outputs">Gives the outputs; disposed with this one.</param>
    /// <param name="model">Loads the model.</param>
    /// <param name="plan">What is compared.</param>
    /// <param name="asAccelerator">Whether 16-bit floats round as an accelerator rounds them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ComparedRunner(ModelRunner outputs, Func<OnnxModel> model, OutputPlan plan, bool asAccelerator, CancellationToken cancellationToken)
    {
        (_outputs, _plan) = (outputs, plan);
        if (plan.Observed.Count > 0)
            _observed = Observe(model(), plan, asAccelerator, cancellationToken);
    }

    /// <summary>The values of one call in the order of the plan; null for observed ones that the model does not have.</summary>
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
            // A type that ONNX Runtime does not infer by itself: the values are not compared.
            return null;
        }
    }
}
