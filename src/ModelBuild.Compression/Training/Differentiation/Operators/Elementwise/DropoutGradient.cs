namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Dropout in a model that is not in training mode, where the operator has no effect.</summary>
internal sealed class DropoutGradient : IGradient
{
    public string? WhyNot(GradientNode node) => node.Has(2) && node.Constant(2) is not { RawData: [0] } ? "its training mode is not known to be off" : null;

    public void Differentiate(GradientNode node) => node.Add(0, node.Gradient());
}
