using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ModelBuild.Onnx.Tests;

/// <summary>The places where tensors can be are written down twice, for the wire format and for messages; onnx.proto is the truth.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void The_walker_knows_every_field_that_holds_a_message()
    {
        var seen = new HashSet<MessageDescriptor>();
        Check(MessageKind.Model, ModelProto.Descriptor);
        // A model can contain every message of onnx.proto.
        Assert.Equal(All(OnnxReflection.Descriptor.MessageTypes).ToHashSet(), seen);

        void Check(MessageKind kind, MessageDescriptor message)
        {
            if (!seen.Add(message))
                return;
            for (var number = 1; number < 100; number++)
            {
                var field = message.FindFieldByNumber(number);
                var (child, name, repeated) = SkeletonSchema.Child(kind, number);
                Assert.Equal(field?.FieldType == FieldType.Message, child != MessageKind.None);
                if (child == MessageKind.None)
                    continue;
                Assert.Equal((field!.Name, field.IsRepeated), (name, repeated));
                Assert.Equal(field.MessageType == TensorProto.Descriptor, child == MessageKind.Tensor);
                Check(child, field.MessageType);
            }
        }
    }

    [Fact]
    public void The_fields_that_hold_numbers_have_the_numbers_that_the_walker_knows()
    {
        Assert.Equal(TensorProto.RawDataFieldNumber, SkeletonSchema.RawData);
        Assert.Equal(TensorProto.FloatDataFieldNumber, SkeletonSchema.FloatData);
        Assert.Equal(TensorProto.DoubleDataFieldNumber, SkeletonSchema.DoubleData);
        Assert.Equal(TensorProto.Int32DataFieldNumber, SkeletonSchema.Int32Data);
        Assert.Equal(TensorProto.Int64DataFieldNumber, SkeletonSchema.Int64Data);
        Assert.Equal(TensorProto.Uint64DataFieldNumber, SkeletonSchema.UInt64Data);
    }

    [Fact]
    public void Every_place_of_a_tensor_is_loaded_whole()
    {
        // There is one model for each path to a tensor, including those through an inner graph.
        var count = 0;
        foreach (var model in Paths(ModelProto.Descriptor, 0))
        {
            var message = (ModelProto)model.Root;
            message.Graph ??= new GraphProto();
            var loaded = OnnxModel.Load(message.ToByteArray());
            var tensor = Assert.Single(loaded.Tensors());
            Assert.Equal(Build.Floats("w", 1000), tensor);
            var skipped = Assert.Single(OnnxModel.Load(message.ToByteArray(), new OnnxLoadOptions { SkipWeights = true }).Tensors());
            Assert.True(skipped.RawData.IsEmpty);
            Assert.Equal(1000, skipped.ElementCount());
            count++;
        }

        Assert.True(count > 50, $"only {count} places");
    }

    private static IEnumerable<MessageDescriptor> All(IEnumerable<MessageDescriptor> messages) =>
        messages.SelectMany(static message => All(message.NestedTypes).Prepend(message));

    private static bool Reaches(MessageDescriptor message, HashSet<MessageDescriptor> seen) =>
        message == TensorProto.Descriptor
        || (seen.Add(message) && message.Fields.InFieldNumberOrder().Any(field => field.FieldType == FieldType.Message && Reaches(field.MessageType, seen)));

    private static IEnumerable<(IMessage Root, int Depth)> Paths(MessageDescriptor message, int depth)
    {
        if (message == TensorProto.Descriptor)
        {
            yield return (Build.Floats("w", 1000), depth);
            yield break;
        }

        if (depth > 7)
            yield break;
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            if (field.FieldType != FieldType.Message || !Reaches(field.MessageType, []))
                continue;
            foreach (var (child, _) in Paths(field.MessageType, depth + 1))
            {
                var parent = (IMessage)Activator.CreateInstance(message.ClrType)!;
                if (field.IsRepeated)
                    ((System.Collections.IList)field.Accessor.GetValue(parent)).Add(child);
                else
                    field.Accessor.SetValue(parent, child);
                yield return (parent, depth);
            }
        }
    }
}
