namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Computes LSTM, GRU and RNN in float64, as the ONNX operators define them.</summary>
/// <param name="operation">LSTM, GRU, RNN, or "GRU linear_before_reset".</param>
/// <param name="direction">The direction.</param>
/// <param name="lengths">The number of steps of each sequence.</param>
/// <param name="steps">The largest number of steps.</param>
/// <param name="width">The number of inputs of a step.</param>
/// <param name="hidden">The number of hidden values.</param>
internal sealed class RecurrentReference(string operation, string direction, int[] lengths, int steps, int width, int hidden)
{
    private readonly int _gates = Gates(operation.Split(' ')[0]);
    private readonly bool _isLinearFirst = operation.EndsWith("linear_before_reset", StringComparison.Ordinal);

    /// <summary>Returns the number of gates, including the candidates.</summary>
    public static int Gates(string op) =>
        op switch
        {
            "LSTM" => 4,
            "GRU" => 3,
            _ => 1,
        };

    /// <summary>Returns all hidden values, the last hidden values and the last cell values.</summary>
    public double[][] Outputs(IReadOnlyDictionary<string, double[]> inputs)
    {
        var directions = direction == "bidirectional" ? 2 : 1;
        var batch = lengths.Length;
        var all = new double[steps * directions * batch * hidden];
        var (last, cells) = (new double[directions * batch * hidden], new double[directions * batch * hidden]);
        for (var d = 0; d < directions; d++)
        for (var row = 0; row < batch; row++)
        {
            var place = (d * batch + row) * hidden;
            var (h, c) = (Part(inputs, "h", place, hidden), Part(inputs, "c", place, hidden));
            for (var step = 0; step < lengths[row]; step++)
            {
                var time = direction == "reverse" || d == 1 ? lengths[row] - 1 - step : step;
                (h, c) = Step(inputs, d, Part(inputs, "x", (time * batch + row) * width, width), h, c);
                h.CopyTo(all, time * directions * batch * hidden + place);
            }

            h.CopyTo(last, place);
            c.CopyTo(cells, place);
        }

        return operation == "LSTM" ? [all, last, cells] : [all, last];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Part(IReadOnlyDictionary<string, double[]> inputs, string name, int start, int count) =>
        inputs.TryGetValue(name, out var values) ? values[start..(start + count)] : new double[count];

    private (double[] Hidden, double[] Cell) Step(IReadOnlyDictionary<string, double[]> inputs, int d, double[] x, double[] h, double[] c)
    {
        var biases = Part(inputs, "b", d * 2 * _gates * hidden, 2 * _gates * hidden);
        double FromInput(int gate, int unit)
        {
            var row = gate * hidden + unit;
            return biases[row] + Enumerable.Range(0, width).Sum(i => inputs["w"][(d * _gates * hidden + row) * width + i] * x[i]);
        }

        double FromHidden(int gate, int unit, Func<int, double> factor)
        {
            var row = gate * hidden + unit;
            var sum = Enumerable.Range(0, hidden).Sum(i => inputs["r"][(d * _gates * hidden + row) * hidden + i] * h[i] * factor(i));
            return sum + biases[_gates * hidden + row];
        }

        double Product(int gate, int unit) => FromInput(gate, unit) + FromHidden(gate, unit, _ => 1);
        var (newHidden, newCell) = (new double[hidden], new double[hidden]);
        for (var unit = 0; unit < hidden; unit++)
            switch (_gates)
            {
                case 4:
                    newCell[unit] = Sigmoid(Product(2, unit)) * c[unit] + Sigmoid(Product(0, unit)) * Math.Tanh(Product(3, unit));
                    newHidden[unit] = Sigmoid(Product(1, unit)) * Math.Tanh(newCell[unit]);
                    break;
                case 3:
                    var (z, r) = (Sigmoid(Product(0, unit)), Sigmoid(Product(1, unit)));
                    var back = _isLinearFirst ? r * FromHidden(2, unit, _ => 1) : FromHidden(2, unit, i => Sigmoid(Product(1, i)));
                    newHidden[unit] = (1 - z) * Math.Tanh(FromInput(2, unit) + back) + z * h[unit];
                    break;
                default:
                    newHidden[unit] = Math.Tanh(Product(0, unit));
                    break;
            }

        return (newHidden, newCell);
    }
}
