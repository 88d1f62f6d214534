using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Calls;

/// <summary>
/// The states of a stream, in the buffers of its one call. After a run the new state lies where the output is; the next run begins with an exchange of both buffers'
/// memory, so that nothing is copied, the last result stays whole until then, and a run that fails has only overwritten what was old already.
/// </summary>
internal sealed class CallStates
{
    private readonly ShapeTemplate[] _templates;
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer[] _outputs;

    // The variables that the states' shapes have, and their sizes since the last reset.
    private readonly int[] _variables;
    private readonly long[] _sizes;
    private bool _isNew = true;
    private bool _hasNext;

    public CallStates(IReadOnlyList<ModelState> states, ShapeProgram shapes, TensorBuffer[] inputs, TensorBuffer?[] outputs)
    {
        _templates = [.. states.Select(state => shapes.Inputs[state.Input]!)];
        _inputs = [.. states.Select(state => inputs[state.Input])];
        _outputs = [.. states.Select(state => outputs[state.Output]!)];
        _variables = [.. _templates.SelectMany(template => template.Variables).Distinct()];
        _sizes = new long[_variables.Length];
    }

    /// <summary>Which of a pair's two memories is the input's: 0 or 1 in turn.</summary>
    public int Phase { get; private set; }

    /// <summary>Lets the next run begin with zeros, of any size.</summary>
    public void Reset() => (_isNew, _hasNext) = (true, false);

    /// <summary>The state that an output becomes, or null.</summary>
    public TensorBuffer? Fed(TensorBuffer output) => Array.IndexOf(_outputs, output) is >= 0 and var index ? _inputs[index] : null;

    /// <summary>Puts the state where the run that begins takes it.</summary>
    /// <param name="variables">The sizes of this run.</param>
    /// <exception cref="ArgumentException">The state has other sizes.</exception>
    public void Begin(ReadOnlySpan<long> variables)
    {
        if (_isNew)
        {
            for (var i = 0; i < _variables.Length; i++)
                _sizes[i] = variables[_variables[i]];
            for (var i = 0; i < _inputs.Length; i++)
            {
                _inputs[i].SetLength(CallTensors.BufferLength(_inputs[i].Contract, _templates[i].Elements(variables)));
                _inputs[i].Clear();
            }
        }
        else
        {
            for (var i = 0; i < _variables.Length; i++)
                if (_sizes[i] != variables[_variables[i]])
                    throw Changed(_variables[i], _sizes[i], variables[_variables[i]]);
        }

        if (!_hasNext)
            return;
        for (var i = 0; i < _inputs.Length; i++)
            _inputs[i].Exchange(_outputs[i]);
        Phase ^= 1;
        _hasNext = false;
    }

    /// <summary>Keeps what a run made for the next one.</summary>
    /// <exception cref="InvalidOperationException">An output has not the shape of the state that it should become.</exception>
    public void Keep()
    {
        for (var i = 0; i < _inputs.Length; i++)
            if (!_inputs[i].Shape.AsSpan().SequenceEqual(_outputs[i].Shape))
                throw new InvalidOperationException(
                    $"Output '{_outputs[i].Contract.Name}' came with the shape [{string.Join(", ", _outputs[i].Shape)}]; as the next state '{_inputs[i].Contract.Name}' it "
                        + $"would need [{string.Join(", ", _inputs[i].Shape)}]. The stream keeps the state of before this call."
                );
        (_isNew, _hasNext) = (false, true);
    }

    private ArgumentException Changed(int variable, long was, long becomes)
    {
        var state = _inputs[Array.FindIndex(_templates, template => template.Variables.Contains(variable))].Contract;
        var axis = Array.IndexOf(_templates[Array.FindIndex(_inputs, input => input.Contract == state)].Axes, variable);
        return new ArgumentException(
            $"The stream's state '{state.Name}', {state}, has {state.Shape![axis].Symbol ?? $"dimension {axis}"} = {was} since its first call; these inputs make it {becomes}. "
                + "Call Reset first, or open another stream."
        );
    }
}
