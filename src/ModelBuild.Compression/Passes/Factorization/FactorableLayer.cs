using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>A layer that two can take the place of. Its weights are read when its turn comes, so that those of a large model are not all held in real numbers at once.</summary>
/// <param name="main">The main graph of the model that is changed.</param>
/// <param name="node">The layer there.</param>
/// <param name="source">The layer in the reference model.</param>
/// <param name="geometry">Its sizes.</param>
/// <param name="forms">What can be made of it.</param>
internal sealed class FactorableLayer(Graph main, NodeProto node, NodeProto source, FactorGeometry geometry, IReadOnlyList<FactorForm> forms)
    : MeasuredLayer(source, node.Input[0])
{
    private (FactorForm Form, Factors Factors)? _kept;
    private string _whyNot = "it saw no samples";

    /// <summary>The layer's node.</summary>
    public NodeProto Node => node;

    /// <summary>Its weights, until they are replaced.</summary>
    public TensorProto Weight => main.Constant(node.Input[1]);

    /// <summary>Its sizes.</summary>
    public FactorGeometry Geometry => geometry;

    /// <summary>What can be made of it.</summary>
    public IReadOnlyList<FactorForm> Forms => forms;

    /// <summary>What the factors are fitted to where there is no data.</summary>
    public FactorTarget Plain() => FactorTarget.Of(Read(), geometry.Outputs);

    /// <summary>What the factors are fitted to.</summary>
    public FactorTarget Measured(LayerMoments moments, CancellationToken cancellationToken) =>
        FactorTarget.Of(Read(), DenseLoss.Over(moments, Bias is not null), cancellationToken);

    /// <summary>Chooses the form and fits it.</summary>
    /// <param name="target">What to fit to.</param>
    /// <param name="rule">Chooses.</param>
    /// <param name="moments">What the bias follows from; null for the bias as it is.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public void Fit(FactorTarget target, IRankRule rule, LayerMoments? moments, CancellationToken cancellationToken)
    {
        var least = double.PositiveInfinity;
        foreach (var form in forms)
        {
            var rank = rule.Rank(this, form, target, cancellationToken);
            if (rank < 1 || form.Share(rank) >= 1)
            {
                _whyNot = rank < 1 ? rule.WhyNone(this) : "two layers would cost no less arithmetic than one";
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

    /// <summary>Says what became of the layer.</summary>
    public void Report(PassReport report)
    {
        var name = node.Name.Length > 0 ? node.Name : node.Output[0];
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
