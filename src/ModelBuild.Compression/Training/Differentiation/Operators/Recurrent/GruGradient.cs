using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>
/// The gradient of GRU, h = (1 − z)·n + z·h₋ with the gates z and r and the candidates n = tanh(x·W + q). The reset gate r multiplies h₋ before its product
/// with the weights, or with linear_before_reset the product. With H = ∂L/∂h, the gradient of the product of z is H·(h₋ − n)·z(1−z), and that of n is N = H·(1
/// − z)·(1 − n²).
/// </summary>
internal sealed class GruGradient : IGradient
{
    public string? WhyNot(GradientNode node) => RecurrentLayer.WhyNot(node, "Sigmoid", "Tanh");

    public void Differentiate(GradientNode node)
    {
        var isLinearFirst = node.Node.GetInt("linear_before_reset") != 0;
        RecurrentLayer.Differentiate(node, direction => Differentiate(node, direction, isLinearFirst));
    }

    private static RecurrentGradients Differentiate(GradientNode node, RecurrentDirection direction, bool isLinearFirst)
    {
        string Mul(string a, string b) => node.Emit("Mul", [a, b]);
        var one = node.Number(1);
        string Rest(string value) => node.Emit("Sub", [one, value]);
        string[] Parts(string value, long axis) => node.EmitAll("Split", [value, node.Integers(2 * direction.Size, direction.Size)], 2, "", ("axis", axis));

        var previous = direction.Previous;
        var previousRows = direction.Rows(previous, direction.Size);
        var inputs = Parts(direction.InputProducts(), 1);
        var weights = Parts(direction.HiddenWeights, 0);
        string?[] biases = direction.Bias(1) is { } bias ? Parts(bias, 0) : new string?[2];
        var gates = node.Emit("Sigmoid", [node.Emit("Add", [direction.Product(previousRows, weights[0], biases[0]), inputs[0]])]);
        var gate = node.EmitAll("Split", [gates], 2, "", ("axis", 1L), ("num_outputs", 2L));
        var (z, r) = (direction.Sequence(gate[0]), direction.Sequence(gate[1]));
        var product = direction.Product(isLinearFirst ? previousRows : Mul(gate[1], previousRows), weights[1], biases[1]);
        var candidates = node.Emit("Tanh", [node.Emit("Add", [inputs[1], isLinearFirst ? Mul(gate[1], product) : product])]);
        var n = direction.Sequence(candidates);

        var update = direction.Masked(Mul(node.Emit("Sub", [previous, n]), Mul(z, Rest(z))));
        var candidate = direction.Masked(Mul(Rest(z), Rest(Mul(n, n))));
        var reset = Mul(isLinearFirst ? direction.Sequence(product) : previous, Mul(r, Rest(r)));

        var loop = new ScanLoop(node, isBackwards: true);
        var hidden = loop.State(direction.LastGradient(1));
        var own = direction.HiddenGradient() is { } gradient ? loop.Emit("Add", [hidden, loop.Read(gradient)]) : hidden;
        var (resetValue, resetFactor) = (loop.Read(r), loop.Read(reset));
        var toCandidate = loop.Emit("Mul", [own, loop.Read(candidate)]);
        var (toReset, back) = isLinearFirst
            ? (toCandidate, loop.Emit("MatMul", [loop.Emit("Mul", [toCandidate, resetValue]), weights[1]]))
            : ThroughReset(loop, toCandidate, weights[1], resetValue);
        var toGates = loop.Emit("Concat", [loop.Emit("Mul", [own, loop.Read(update)]), loop.Emit("Mul", [toReset, resetFactor])], ("axis", 1L));
        var direct = loop.Emit("Mul", [own, loop.Read(direction.Kept(z))]);
        loop.Update(hidden, loop.Emit("Sum", [direct, back, loop.Emit("MatMul", [toGates, weights[0]])]));
        loop.Write(toGates);
        loop.Write(toCandidate);
        var results = loop.Run();

        var (gateRows, candidateRows) = (direction.Rows(results[1], 2 * direction.Size), direction.Rows(results[2], direction.Size));
        var productRows = isLinearFirst ? Mul(candidateRows, gate[1]) : candidateRows;
        var ofGates = direction.WeightGradient(gateRows, previousRows);
        var ofCandidates = direction.WeightGradient(productRows, isLinearFirst ? previousRows : Mul(gate[1], previousRows));
        var inputGradient = node.Emit("Concat", [gateRows, candidateRows], ("axis", 1L));
        var hiddenGradient = isLinearFirst ? node.Emit("Concat", [gateRows, productRows], ("axis", 1L)) : inputGradient;
        return new RecurrentGradients(inputGradient, hiddenGradient, node.Emit("Concat", [ofGates, ofCandidates], ("axis", 0L)), results[0]);
    }

    // Returns the gradients of the reset gate r and of the previous state h₋ from the product of r·h₋ with the weights. The gradient of h₋ is multiplied by r,
    // and the caller multiplies the gradient of r by h₋.
    private static (string ToReset, string Back) ThroughReset(ScanLoop loop, string toCandidate, string weights, string reset)
    {
        var product = loop.Emit("MatMul", [toCandidate, weights]);
        return (product, loop.Emit("Mul", [product, reset]));
    }
}
