using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// A layer that two layers can replace. Its weights are read only when it is processed, so that the weights of a large model are not all held in float64 at
/// once.
/// </summary>
/// <param name="main">The main graph of the model that is changed.</param>
/// <param name="node">The layer there.</param>
/// <param name="source">The same layer in the original model.</param>
/// <param name="geometry">Its sizes.</param>
/// <param name="forms">The forms that the layer can take.</param>
internal sealed class FactorableLayer(Graph main, NodeProto node, NodeProto source, FactorGeometry geometry, IReadOnlyList<FactorForm> forms)
    : MeasuredLayer(source, node.Input[0])
{
    private (FactorForm Form, Factors Factors)? _kept;
    private string _whyNot = "no calibration sample reached it";

    /// <summary>The node of the layer.</summary>
    public NodeProto Node => node;

    /// <summary>The weights of the layer before they are replaced.</summary>
    public TensorProto Weight => main.Constant(node.Input[1]);

    /// <summary>The sizes of the layer.</summary>
    public FactorGeometry Geometry => geometry;

    /// <summary>The forms of two layers that can replace the layer.</summary>
    public IReadOnlyList<FactorForm> Forms => forms;

    /// <summary>Returns the target of the fit if there is no data.</summary>
    public FactorTarget Plain() => FactorTarget.Of(Read(), geometry.Outputs);

    /// <summary>Returns the target of the fit to the measured moments of the layer's inputs.</summary>
    public FactorTarget Measured(LayerMoments moments, CancellationToken cancellationToken) =>
        FactorTarget.Of(Read(), DenseLoss.Over(moments, Bias is not null), cancellationToken);

    /// <summary>Chooses the form and the rank by a rule, and fits the factors to the target.</summary>
    /// <param name="target">The target of the fit.</param>
    /// <param name="rule">Chooses the ranks and the form.</param>
    /// <param name="moments">The moments that the bias is corrected with; null to keep the bias.</param>
    /// <param name="cancellationToken">Checked during the fit.</param>
    public void Fit(FactorTarget target, IRankRule rule, LayerMoments? moments, CancellationToken cancellationToken)
    {
        var least = double.PositiveInfinity;
        foreach (var form in forms)
        {
            var rank = rule.Rank(this, form, target, cancellationToken);
            if (rank < 1 || form.Share(rank) >= 1)
            {
                _whyNot = rank < 1 ? rule.WhyNone(this) : "two layers would need as many multiply-adds as one";
                continue;
            }

            var factors = form.Fit(target, rank, cancellationToken);
            var composed = form.Compose(factors);
            var cost = rule.Cost(form.Share(rank), target.Loss(composed));
            if (!double.IsFinite(cost))
                _whyNot = "its weights cannot be factored in float64";
            if (!(cost < least))
                continue;
            (least, _kept) = (cost, (form, factors));
            if (moments is not null && Bias is not null)
                Bias = CorrectedBias(composed, moments);
        }
    }

    /// <inheritdoc/>
    public override void Write()
    {
        if (_kept is not { } kept)
            return;
        var (first, second) = kept.Form.Emit(main, node, kept.Factors);
        if (Bias is not null)
        {
            var bias = main.FreshName($"{node.Output[0]}_bias");
            main.AddInitializer(Tensors.Create(bias, [Bias.Length], Bias));
            while (second.Input.Count < 3)
                second.Input.Add("");
            second.Input[2] = bias;
        }

        main.Replace(node, first, second);
        if (main.Consumers(node.Input[1]).Count == 0)
            main.RemoveInitializer(node.Input[1]);
        _kept = kept with { Factors = kept.Factors with { First = [], Second = [] } };
    }

    /// <summary>Reports whether the layer was replaced, or why it was not.</summary>
    public void Report(PassReport report)
    {
        var name = NodeLabel.Name(node);
        if (_kept is not { } kept)
        {
            report.Leave(name, _whyNot);
            return;
        }

        report.Changed($"layers factored ({kept.Form.Name})");
        report.Changed($"of {kept.Form.FullRank} ranks of {name} kept ({kept.Form.Name})", kept.Factors.Rank);
    }

    private float[] Read()
    {
        var weight = Weight;
        return WeightLayout.Of(node, weight).ToRows(weight.Span<float>());
    }

    private float[] CorrectedBias(double[] composed, LayerMoments moments)
    {
        var bias = new float[geometry.Outputs];
        for (var row = 0; row < bias.Length; row++)
            bias[row] = (float)(moments.TargetMean[row] - Products.Dot(composed.AsSpan(row * geometry.Inputs, geometry.Inputs), moments.InputMean));
        return bias;
    }
}
