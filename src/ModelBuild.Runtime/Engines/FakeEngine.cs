using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Engines;

/// <summary>Computes the outputs of a fake model with a delegate, so that code that uses a model can be tested without a model file.</summary>
internal sealed class FakeEngine(ShapeProgram shapes, Action<FakeCall> answer) : Engine
{
    public override string Provider => "fake";

    public override InferenceSession? Session => null;

    public override EngineCall NewCall(CallTensors tensors) => new Call(tensors, shapes, answer);

    protected override void Close() { }

    private sealed class Call(CallTensors tensors, ShapeProgram shapes, Action<FakeCall> answer) : EngineCall
    {
        public override void Run(RunOptions options)
        {
            for (var i = 0; i < tensors.Inputs.Length; i++)
                tensors.Inputs[i].SetShape(tensors.InputShape(i), tensors.Inputs[i].Length);
            for (var i = 0; i < tensors.Outputs.Length; i++)
                if (tensors.Outputs[i] is { } output)
                {
                    var shape = shapes.Outputs[i] is null ? tensors.States?.InputOf(output)?.Shape : tensors.OutputShape(i);
                    output.SetLength(shape is null ? 0 : CallTensors.BufferLength(output.Contract, shape));
                    output.SetShape(shape ?? [], output.Length);
                    output.Clear();
                }

            answer(new FakeCall(tensors));
        }

        public override void Dispose() { }
    }
}
