using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>
/// The gradient of LSTM, c = f·c₋ + i·g and h = o·tanh(c), with the gates i, o, f and the candidates g. With H = ∂L/∂h and C = ∂L/∂c + H·o·(1 − tanh²c), the
/// gradients of the products are C·g·i(1−i), H·tanh(c)·o(1−o), C·c₋·f(1−f) and C·i·(1−g²), and those of the states before the step are C·f and the products
/// times the weights.
/// </summary>
internal sealed class LstmGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Has(7) ? "it has peepholes"
        : node.Node.GetInt("input_forget") != 0 ? "its input gate and forget gate are coupled"
        : RecurrentLayer.WhyNot(node, "Sigmoid", "Tanh", "Tanh");

    public void Differentiate(GradientNode node) => RecurrentLayer.Differentiate(node, direction => Differentiate(node, direction));

    private static RecurrentGradients Differentiate(GradientNode node, RecurrentDirection direction)
    {
        string Mul(string a, string b) => node.Emit("Mul", [a, b]);
        var one = node.Number(1);
        string Rest(string value) => node.Emit("Sub", [one, value]);

        var previousRows = direction.Rows(direction.Previous, direction.Size);
        var inputs = direction.InputProducts();
        if (direction.Bias(1) is { } bias)
            inputs = node.Emit("Add", [inputs, bias]);
        var products = direction.Product(previousRows, direction.HiddenWeights, inputs);
        var parts = node.EmitAll("Split", [products], 4, "", ("axis", 1L), ("num_outputs", 4L));
        string Gate(int index, string activation) => direction.Sequence(node.Emit(activation, [parts[index]]));
        var (i, o, f, g) = (Gate(0, "Sigmoid"), Gate(1, "Sigmoid"), Gate(2, "Sigmoid"), Gate(3, "Tanh"));

        var kept = direction.Kept(f);
        var cells = Cells(node, direction, kept, direction.Masked(Mul(i, g)));
        var before = direction.Shift(cells, direction.InitialCell());
        var tanh = node.Emit("Tanh", [cells]);
        string[] factors = [Mul(Mul(g, i), Rest(i)), Mul(tanh, Mul(o, Rest(o))), Mul(before, Mul(f, Rest(f))), Mul(i, Rest(Mul(g, g)))];
        var factor = direction.Masked(node.Emit("Concat", factors, ("axis", 2L)));
        var through = direction.Masked(Mul(o, Rest(Mul(tanh, tanh))));

        var loop = new ScanLoop(node, isBackwards: true);
        var (hidden, cell) = (loop.State(direction.LastGradient(1)), loop.State(direction.LastGradient(2)));
        var own = direction.HiddenGradient() is { } gradient ? loop.Emit("Add", [hidden, loop.Read(gradient)]) : hidden;
        var total = loop.Emit("Add", [cell, loop.Emit("Mul", [own, loop.Read(through)])]);
        var gates = loop.Emit("Mul", [loop.Emit("Concat", [total, own, total, total], ("axis", 1L)), loop.Read(factor)]);
        var back = loop.Emit("MatMul", [gates, direction.HiddenWeights]);
        // At time steps outside of a sequence, the forward state is copied unchanged, so its gradient is also passed on unchanged.
        if (direction.Mask is { } mask)
            back = loop.Emit("Add", [back, loop.Emit("Mul", [hidden, loop.Emit("Sub", [one, loop.Read(mask)])])]);
        loop.Update(hidden, back);
        loop.Update(cell, loop.Emit("Mul", [total, loop.Read(kept)]));
        loop.Write(gates);
        var results = loop.Run();

        var rows = direction.Rows(results[2], 4 * direction.Size);
        return new RecurrentGradients(rows, rows, direction.WeightGradient(rows, previousRows), results[0], results[1]);
    }

    private static string Cells(GradientNode node, RecurrentDirection direction, string kept, string added)
    {
        var loop = new ScanLoop(node, isBackwards: false);
        var cell = loop.State(direction.InitialCell());
        var next = loop.Emit("Add", [loop.Emit("Mul", [cell, loop.Read(kept)]), loop.Read(added)]);
        loop.Update(cell, next);
        loop.Write(next);
        return loop.Run()[1];
    }
}
